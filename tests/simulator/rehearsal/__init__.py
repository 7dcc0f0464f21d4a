"""Tests of the rehearsal, a file for each module, on small rollouts of a few weeks."""
