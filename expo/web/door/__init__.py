"""The steward's pages: choose a checkpoint, then nothing but the camera and a verdict."""
