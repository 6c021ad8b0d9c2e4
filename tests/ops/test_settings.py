"""Settings 设置: read from file and environment, all mistakes told at once, secrets kept."""

from pathlib import Path

import pytest

from bot.settings import Settings
from bot.settings_example import example
from bot.settings_file import SettingsWrong, line_of, read_settings
from bot.terminal import Terminal
from tests.ops.keeping import bare_environment

__all__ = ["bare_environment"]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A settings file that is not there yet."""
    return tmp_path / "config.toml"


def mistakes(file: Path, text: str, lang: str = "zh") -> str:
    """What is said about a file with that text."""
    file.write_text(text, "utf-8")
    with pytest.raises(SettingsWrong) as wrong:
        read_settings(file)
    return Terminal(lang).mistakes(wrong.value).replace(str(file), "F")


def test_the_example_is_written_from_the_class_and_explains_every_setting() -> None:
    assert (ROOT / "config.example.toml").read_text("utf-8") == example()


def test_the_example_as_it_stands_changes_nothing(file: Path) -> None:
    file.write_text(example(), "utf-8")

    assert read_settings(file) == Settings()


def test_the_example_with_every_line_switched_on_is_valid(file: Path) -> None:
    lines = [
        line.removeprefix("# ") if " = " in line or line.startswith("# [") else line
        for line in example().splitlines()
    ]
    file.write_text("\n".join(lines), "utf-8")

    settings = read_settings(file)

    assert settings.community.grids["第二网格"] == ["4号楼", "5号楼"]
    assert settings.base_url == "https://mulin.example.org"


def test_all_mistakes_are_told_at_once_each_with_its_line(file: Path) -> None:
    told = mistakes(
        file,
        'langage = "zh"\n[web]\nport = 99999\n[telegram]\ntoken = "nonsense"\n'
        '[community]\nzone = "Asia/Wuhan"\nname = "甲"\n[community.grids]\n"一" = ["1号楼", 3]\n',
    )

    assert told.splitlines() == [
        "设置里有 5 处要改：",
        "  F 第1行 langage：没有这个设置。 是不是想写 language？",
        "  F 第3行 web.port：要在 1 到 65535 之间。",
        "  F 第5行 telegram.token：不像机器人的令牌。请照 @BotFather 给的原样抄写。",
        '  F 第7行 community.zone：没有这个时区。例如 "Asia/Shanghai"。',
        "  F 第10行 community.grids.一：要写成带引号的文字。",
    ]


def test_mistakes_in_variables_are_told_by_their_names(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MULIN_WEB__PORT", "many")
    monkeypatch.setenv("MULIN_TELEGRAM__TOKN", "1:a")
    monkeypatch.setenv("MULIN_COMMUNITY__GRIDS", "[")

    assert mistakes(file, "[log]\nlevel = 3\n", "en").splitlines() == [
        "There is something to mend in the settings (4):",
        "  F, line 2, log.level: Must be one of 'debug', 'info', 'warning', 'error'.",
        "  Variable MULIN_COMMUNITY__GRIDS: Must be a section like [grids].",
        "  Variable MULIN_TELEGRAM__TOKN: There is no such setting. "
        "Do you mean MULIN_TELEGRAM__TOKEN?",
        "  Variable MULIN_WEB__PORT: Must be a whole number.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("language = zh\n", "F 第1行 ：这一行的写法不对"),
        ('a = 1\n\n[web\nhost = "x"\n', "F 第3行 ：这一行的写法不对"),
        ('[telegram]\nmode = "webhook"\ntoken = "1:a"\n', "telegram.webhook_url：webhook 需要"),
        ('telegram = "1:a"\n', "F 第1行 telegram：要写成 [telegram] 这样的一节。"),
        ("[community]\nquiet_from = 22\n", 'F 第2行 community.quiet_from：要写成 "22:00"'),
        ('[community]\nname="甲"\n[community.grids]\na = ["1"]\nb = ["1"]\n', "写了两次"),
        ('[community.grids]\na = ["1"]\n', "community.name：这一项要填写。"),
        ('[web]\npublic_url = "mulin.example.org"\n', "要以 https:// 或 http:// 开头。"),
    ],
)
def test_each_kind_of_mistake_has_its_sentence(file: Path, text: str, said: str) -> None:
    assert said in mistakes(file, text)


def test_a_file_saved_as_gbk_is_told_so(file: Path) -> None:
    file.write_bytes('# 设置\nlanguage = "zh"\n'.encode("gbk"))

    with pytest.raises(SettingsWrong) as wrong:
        read_settings(file)

    assert "UTF-8" in Terminal("zh").mistakes(wrong.value)


def test_a_file_saved_by_notepad_is_read(file: Path) -> None:
    file.write_bytes('\ufefflanguage = "en"\r\n[web]\r\nport = 81\r\n'.encode())

    settings = read_settings(file)

    assert (settings.language, settings.web.port) == ("en", 81)


def test_the_environment_wins_over_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('[telegram]\ntoken = "1:file"\nmode = "polling"\n', "utf-8")
    monkeypatch.setenv("MULIN_TELEGRAM__TOKEN", "2:variable")
    monkeypatch.setenv("MULIN_COMMUNITY__NAME", "乙")
    monkeypatch.setenv("MULIN_COMMUNITY__GRIDS", '{"一网格": ["1号楼"]}')

    settings = read_settings(file)

    assert settings.telegram.token.get_secret_value() == "2:variable"
    assert settings.community.grids == {"一网格": ["1号楼"]}


def test_secrets_are_never_shown(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULIN_DATABASE__URL", "postgresql://u:hidden@h/d")
    file.write_text(
        '[telegram]\ntoken = "1:hidden"\nsecret_token = "hidden"\n[web]\nport = 0\n', "utf-8"
    )
    with pytest.raises(SettingsWrong) as wrong:
        read_settings(file)
    file.write_text('[telegram]\ntoken = "1:hidden"\nsecret_token = "hidden"\n', "utf-8")

    settings = read_settings(file)

    assert "hidden" not in Terminal().mistakes(wrong.value) + repr(wrong.value)
    assert "hidden" not in repr(settings) + str(settings) + settings.model_dump_json()
    assert sorted(settings.secrets()) == ["1:hidden", "hidden", "hidden"]


def test_a_key_is_found_however_it_is_written() -> None:
    text = 'a.b = 1\n[c]\n"d" = 2\n[c.e]\nf = 3\ng = { h = 4 }\n'

    found = [line_of(text, keys) for keys in (["a", "b"], ["c", "d"], ["c", "e", "f"])]

    assert found == [1, 3, 5]
    assert line_of(text, ["c", "e", "g", "h"]) == 6
    assert line_of(text, ["c", "x"]) == 2


def test_a_position_has_two_numbers(file: Path) -> None:
    half = '[community]\nname = "甲"\nlatitude = 30.59\n'

    assert "community.longitude：这一项要填写" in mistakes(file, half)
    assert "community.latitude：要写一个数" in mistakes(file, half.replace("30.59", '"北"'))
    assert "要在 -90 到 90 之间" in mistakes(file, half.replace("30.59", "114.3"))
    assert "要在 -90 到 90 之间" in mistakes(file, half.replace("30.59", "nan"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[wecom]\nbot_id = "a"\n', "wecom.secret：这一项要填写"),
        ('[wecom]\nbot_id = "a"\nmode = "callback"\n', "wecom.callback_url：这一项要填写"),
        ('[wecom]\nws_url = "https://x.cn"\n', "wecom.ws_url：要以 wss://"),
        ('[wecom]\naes_key = "short"\n', "wecom.aes_key：EncodingAESKey 有 43 个"),
        ('[wecom]\ncards = "perhaps"\n', "wecom.cards：只能是 true 或 false"),
        ("[wecom]\nper_minute = 1\n", "wecom.per_minute：要在 5 到 1000 之间"),
    ],
)
def test_what_wecom_needs_is_told(file: Path, text: str, problem: str) -> None:
    assert problem in mistakes(file, text)


def test_secrets_of_wecom_are_never_printed(file: Path) -> None:
    file.write_text(
        '[wecom]\nbot_id = "a"\nsecret = "hidden-1"\n[wecom.robots]\n"3号楼" = "https://x/hidden-2"\n',
        "utf-8",
    )

    assert {"hidden-1", "https://x/hidden-2"} <= set(read_settings(file).secrets())
