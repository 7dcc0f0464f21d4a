"""One world: clock, victims, neighbours and portal joined; everything that passes is recorded."""
