"""What a desk sees: its board while it waits, a matter while it works."""

from liandong.queries.desk.board import Board, board
from liandong.queries.desk.page import MatterPage, matter
from liandong.queries.desk.pulse import pulse

__all__ = ["Board", "MatterPage", "board", "matter", "pulse"]
