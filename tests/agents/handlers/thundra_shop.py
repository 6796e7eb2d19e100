"""With Thundra's decorator, as its package for Python of today has it."""

import shop
from catchpoint.catchpoint_agent import Catchpoint

handler = Catchpoint()(shop.handler)
