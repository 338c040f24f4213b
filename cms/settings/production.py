"""One server or several behind nginx: everything secret comes from the environment."""

from cms.settings import environment as env
from cms.settings.base import *

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
FIELD_KEYS_FILE = env.existing_file("FIELD_KEYS_FILE")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", "")
SMS_BACKEND = env.optional_text("SMS_BACKEND")

SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
