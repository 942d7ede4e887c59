"""The next request, the code that sends it, and the inspector of a call."""
