"""How long tests of survival try: in `make survive` as long as is asked of us, else briefly."""

import os
from typing import Final

LONG: Final = bool(os.environ.get("SURVIVE"))
