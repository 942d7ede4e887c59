"""Controls and progress of runs, for sweeps and pictures alike."""
