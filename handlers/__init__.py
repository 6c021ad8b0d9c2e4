"""What people can do 能力: one file per capability, each handler load → rule → save → reply."""
