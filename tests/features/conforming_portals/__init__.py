"""Portals that do as they must in another way than the reference: no scenario may fail them."""
