"""With Epsagon's decorator."""

import epsagon
import shop

epsagon.init(token="00000000-0000-0000-0000-000000000000", app_name="shop", metadata_only=False)
handler = epsagon.lambda_wrapper(shop.handler)
