"""Heard: a child is heard, staff decide, the child is answered, and the gap is measured."""

from flask import Flask, Response, request
from flask_compress import Compress
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from . import config, db, door, errors, language, listen, look, seal
from ._version import VERSION
from .parts import Database
from .translation import books

__all__ = ["VERSION", "create_app"]

# Nothing is loaded from anywhere else, and nothing inline runs: a child's text can never become a script.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex",
}
# The one page that may use the microphone, and play what was recorded before it is saved.
IN_THE_STUDIO = {
    "Content-Security-Policy": POLICY.replace("media-src 'self'", "media-src 'self' blob:"),
    "Permissions-Policy": HEADERS["Permissions-Policy"].replace("microphone=()", "microphone=(self)"),
}
ON_PAGE = {"admin.studio": IN_THE_STUDIO}
KEPT = ("static", listen.PAGE)  # everything else may hold what a child said: no browser keeps it


def create_app(settings: config.Settings | None = None) -> Flask:
    """Return the application; read from top to bottom, this is the whole wiring."""
    settings = settings or config.load()
    books.also(settings.home / "translations")  # a language that cannot be used is said at the start
    app = Flask(__name__)
    app.config.update(
        HEARD_HOME=settings.home,
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="heard",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=settings.https,
        MAX_CONTENT_LENGTH=1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a child may take an hour over a question
        WTF_CSRF_SSL_STRICT=False,  # our Referrer-Policy is no-referrer; the token itself is always checked
        TRUSTED_HOSTS=list(settings.hosts) or None,
        COMPRESS_BR_LEVEL=5,  # as tests/test_child_walk.py weighs the first question
        COMPRESS_MIMETYPES=["text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"],
    )
    engine = db.engine(settings.database)
    app.extensions["heard"] = Database(engine, db.sessions(engine), seal.from_file(settings.text_key))
    door.guard(app)  # staff are signed in and see their own rows; everything else is refused
    CSRFProtect(app)  # every form of every room carries a token
    language.start(app)
    look.start(app)
    listen.start(app)
    errors.explain(app)
    _open_rooms(app, settings.rooms)
    app.after_request(_protect)
    if settings.https:
        app.after_request(_only_https)
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    Compress(app)
    app.after_request(_read_static)  # runs before the compression
    return app


def _open_rooms(app: Flask, rooms: tuple[str, ...]) -> None:
    # Imported here so that a process which serves only the child's room never loads the others.
    if "child" in rooms:
        from .child import room as child

        app.register_blueprint(child)
    if "staff" in rooms:
        from .staff import room as staff

        app.register_blueprint(staff, url_prefix="/staff")
    if "research" in rooms:
        from .research import room as research

        app.register_blueprint(research, url_prefix="/research")
    if "admin" in rooms:
        from .admin import room as admin

        app.register_blueprint(admin, url_prefix="/admin")


def _protect(response: Response) -> Response:
    own = ON_PAGE.get(request.endpoint or "", {}) if response.status_code == 200 else {}
    for name, value in (HEADERS | own).items():
        response.headers.setdefault(name, value)
    if request.endpoint not in KEPT:
        response.headers["Cache-Control"] = "no-store"
    return response


def _read_static(response: Response) -> Response:
    if request.endpoint == "static" and response.direct_passthrough:
        response.direct_passthrough = False
        response.make_sequence()  # so that the file is closed, which compressing would forget
    return response


def _only_https(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response
