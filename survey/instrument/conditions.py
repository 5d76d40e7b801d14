"""Are the skip conditions of a questionnaire sound? They look back, never forward, and never round in a circle."""

from survey.instrument import expression, texts
from survey.instrument.notes import Notes
from survey.instrument.nouns import Library, Question, Questionnaire
from survey.instrument.problem import shown


def of_question(question: Question, questionnaire: Questionnaire, library: Library, notes: Notes) -> None:
    """The condition can be read, and looks only at what a child has been asked before."""
    if not question.relevant:
        return
    try:
        tree = expression.parse(question.relevant)
    except expression.NotAnExpression as error:
        notes.wrong("E316", "relevant", str(error), "Write it like: ${S3.C05} = '2' and ${age} >= 13")
        return
    for name in expression.references(tree):
        if name not in expression.CONTEXT:
            _reference(name, question, questionnaire, notes)
    for name, code in expression.compared_codes(tree):
        _compared(name, code, questionnaire, library, notes)


def _reference(name: str, question: Question, questionnaire: Questionnaire, notes: Notes) -> None:
    ids = [one.id for one in questionnaire.questions]
    if name not in ids:
        notes.choice("relevant", name, [*ids, *expression.CONTEXT], "E315")
    elif circle := _circle(question.id, questionnaire):
        notes.wrong("E315", "relevant", f"the conditions go round in a circle: {circle}", "Delete one of them.")
    elif ids.index(name) >= ids.index(question.id):
        notes.wrong("E315", "relevant", f"{name} is asked later", "Look only at questions that come before.")


def _circle(start: str, questionnaire: Questionnaire) -> str:
    """The chain of conditions that leads from a question back to it, or nothing."""
    looks_at = {one.id: _references(one) for one in questionnaire.questions}
    waiting, seen = [[start]], set[str]()
    while waiting:
        chain = waiting.pop()
        for name in looks_at.get(chain[-1], []):
            if name == start:
                return " → ".join([*chain, start])
            if name not in seen:
                seen.add(name)
                waiting.append([*chain, name])
    return ""


def _references(question: Question) -> list[str]:
    try:
        return expression.references(expression.parse(question.relevant)) if question.relevant else []
    except expression.NotAnExpression:
        return []


def _compared(name: str, code: str, questionnaire: Questionnaire, library: Library, notes: Notes) -> None:
    question = questionnaire.question(name)
    offered = texts.everybody(question, library) if question else []
    codes = {option.code for option in offered}
    if codes and code and code not in codes:
        cure = f"Choose from: {', '.join(sorted(codes))}."
        notes.wrong("E317", "relevant", f"{name} has no option {shown(code)}", cure)
