-- When a household voted 投票时间: who moved in later is not told what those before had chosen.
-- Null in an anonymous poll, where an instant beside the live count would tell the choice.

alter table poll_voters add column voted_at text;
