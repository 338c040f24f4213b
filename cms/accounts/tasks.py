"""What may be done after the reply has gone; ids travel, never a number, phone or code."""

from django.utils import timezone
from django_tasks import task

from cms.accounts import services
from cms.accounts.tokens import new_code


@task()
def send_link_code(request: int) -> None:
    services.send_link_code(request, code=new_code(), now=timezone.now())
