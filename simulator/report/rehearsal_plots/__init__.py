"""The plots of a rehearsal, one file each: a drawing, its words, and the numbers to download."""
