"""Typed makers of test data, a module a feature; they flush, the test commits."""
