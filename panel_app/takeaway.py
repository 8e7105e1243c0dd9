"""Takes all rows of a panel along as a file, at the address of its page, set as that is."""

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from leadline.asked import provenance_of
from leadline.errors import nearest
from leadline.provenance import Provenance
from leadline.question import Questions
from panel_app.address import FORMS
from panel_app.dashboard import AT, found
from panel_app.paced import Paced
from panel_app.stream import begun


def add(app: FastAPI, questions: Questions, paced: Paced) -> None:
    """Add the files to an app."""
    pages = found()

    @app.get(AT + "/{name}/{panel}.{form}", include_in_schema=False)
    async def file(request: Request, name: str, panel: str, form: str) -> Response:
        page = pages.get(name)
        if page is None:
            raise HTTPException(404, f"{name}: there is no such page{nearest(name, list(pages))}")
        if form not in FORMS:
            raise HTTPException(404, f"{form}: it is none of {', '.join(FORMS)}")
        desk = await run_in_threadpool(page.desk, paced, dict(request.query_params))
        page.lay(desk)
        if panel not in desk.panels:
            near = nearest(panel, list(desk.panels))
            raise HTTPException(404, f"{panel}: {name} has no such panel{near}")
        for said in desk.settings.faults.values():
            raise HTTPException(422, said)
        asked, _ = desk.panels[panel]

        def answered() -> tuple[object, Provenance]:
            tick = paced.tick(desk.at)
            span = paced.answers.span(desk.filled(asked), tick)
            whole = desk.filled(asked, is_whole=True)
            snapshot = questions.warehouse.refresh()
            rows = questions.answer(whole.sql, span.since, span.until, whole.binds, is_ordered=True)
            made = provenance_of(
                questions.warehouse,
                whole.sql,
                span.since,
                span.until,
                whole.binds,
                snapshot=snapshot,
            )
            return rows, made

        rows, made = await run_in_threadpool(answered)
        pieces = await begun(rows, form, made)
        headers = {"content-disposition": f'attachment; filename="{name}-{panel}.{form}"'}
        return StreamingResponse(pieces, media_type=FORMS[form], headers=headers)
