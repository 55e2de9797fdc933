"""The demo city: invented people at real desks, and a day of matters made by the product's own actions.

Its sign-ins exist only in demo mode; production refuses to start with them (`liandong.ops.doctor`).
"""

from liandong.ops.demo.cast import PASSWORD, PLAYERS
from liandong.ops.demo.city import make_city

__all__ = ["PASSWORD", "PLAYERS", "make_city"]
