"""The running program 运行: settings, platforms, delivery and the clock."""
