"""What an alert is about leads there, and its buttons name it."""

from panel_app.parts.alert_list import button, detector, entity, side


def test_an_entity_leads_to_the_page_that_knows_its_kind() -> None:
    assert entity("BRK.B").startswith('<a href="/smart-money/dashboard/symbol?symbol=BRK.B"')
    assert entity("x:BTC-USDT").startswith('<a href="/smart-money/dashboard/whales?pair=BTC-USDT"')
    assert entity("cik:0001067983") == "cik:0001067983"
    assert "detectors?detector=options.sweep" in detector("options.sweep")


def test_a_button_says_what_it_does_to_what() -> None:
    body = button("snooze", "2f6d", "1 h", "Snooze for an hour", span='"1h')

    assert 'data-do="snooze" data-alert="2f6d" data-span="&quot;1h"' in body
    assert 'aria-label="Snooze for an hour 2f6d"' in body
    assert 'class="side unknown"' in side(None)
