"""What a page shows of a matter: the one lit button, what else may be pressed, the bar of danger."""

from liandong.web.face.bar import Bar, bar
from liandong.web.face.idle import board_lit, pressing
from liandong.web.face.keys import Face, face
from liandong.web.face.press import Press

__all__ = ["Bar", "Face", "Press", "bar", "board_lit", "face", "pressing"]
