"""Pages 网页: the web chat and the example neighbourhood's window."""
