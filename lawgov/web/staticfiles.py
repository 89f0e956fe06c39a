"""Static files under names that carry their content's hash, so that browsers keep them for ever."""

from __future__ import annotations

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

# import { x } from "./dom.js" and import "./rows.js"
IMPORTS = (
    (r"""(?P<matched>from\s*["'](?P<url>\./[\w.-]+)["'])""", 'from "%(url)s"'),
    (r"""(?P<matched>import\s*["'](?P<url>\./[\w.-]+)["'])""", 'import "%(url)s"'),
)


class HashedStaticFiles(ManifestStaticFilesStorage):
    """Follows the imports of our own modules too: else a new release would meet old ones.

    Django's `support_js_module_import_aggregation` would do it for every script, and stumbles
    over an example in a comment of a package.
    """

    patterns = (*ManifestStaticFilesStorage.patterns, ("web/js/*.js", IMPORTS))
