"""One world: clock, victims, neighbours and portal; everything that happens is recorded."""
