"""From keyframes to a finished film, in one YAML file."""

__version__ = "0.1.0"
