"""WeCom 企业微信 平台: internal groups and private chats of a 智能机器人."""
