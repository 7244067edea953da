"""Tests of the workflows: what each command does, without its terminal."""
