"""How far two labellings of the same sentences agree."""
