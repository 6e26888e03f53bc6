"""Tests of the exhibitor's pages."""
