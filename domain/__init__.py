"""Rules of the neighbourhood 规则: standard library only, no async, no clock, no I/O."""
