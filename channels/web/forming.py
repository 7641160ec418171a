"""Does what a form asks once, however often it is sent: all of it, or nothing (R14)."""

from channels.web.model import Act, Asked, Done, Form, Go, Page
from core.cabinet import forming
from core.cabinet.model import OtherForm, Twice
from pages import forms


class _NotDone(Exception):
    """The form cannot be done: everything is undone, and the page shown."""

    def __init__(self, page: Page) -> None:
        super().__init__(page.template)
        self.page = page


async def done(asked: Asked, act: Act, form: Form) -> Page | Go:
    """Where the form led: now, or when it was sent before.

    :raises forms.OtherForm: a form with this key was done that said something else, or the key is none.
    """
    key = form.get("key", "")
    if not forms.is_key(key):
        raise forms.OtherForm
    digest = forms.digest_of(asked.request.path, form)
    once = forming.Once(asked.person.sender.hash, key, digest, asked.house.wall())
    async with asked.connection() as conn:
        try:
            before = await forming.before(conn, once)
            if before is not None:
                return Go(before)
            async with conn.transaction():
                got = await act(asked, conn, form)
                if isinstance(got, Page):
                    raise _NotDone(got)
                await forming.note(conn, once, got.to if isinstance(got, Done) else got.address)
                return got.page if isinstance(got, Done) else got
        except (_NotDone, Twice) as wrong:
            # What another copy of the form did at this instant may be what is wrong with this one.
            before = await forming.before(conn, once)
            if before is not None:
                return Go(before)
            return wrong.page if isinstance(wrong, _NotDone) else Go("/my")
        except OtherForm:
            raise forms.OtherForm from None
