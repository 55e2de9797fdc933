"""What a test asks of a page, in the page's own language: what an eye sees there and when it has seen it long enough."""

COUNTED = """
  window.acts = 0;
  window.clicks = 0;
  for (const told of ["liandong:act", "liandong:pressed"]) document.addEventListener(told, () => window.acts++);
  document.addEventListener("click", e => { if (e.target.closest("[data-key]")) window.clicks++; }, true);
  window.lit = { says: null, since: 0 };
  function look() {
    const button = document.getElementById("lit"), says = button ? button.dataset.signature || "" : "";
    if (says !== window.lit.says) window.lit = { says: says, since: performance.now() };
  }
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true,
                                                 attributeFilter: ["data-signature"] });
"""
"""What the page did, counted, so that a hand knows whether its press was taken; since when the lit button says what it says."""
ACTS = "() => performance.timeOrigin + ':' + window.acts"
CLICKS = "() => performance.timeOrigin + ':' + window.clicks"
TAKEN = f"before => !document.querySelector('form[aria-busy]') && ({ACTS})() !== before"
CLICKED = f"before => ({CLICKS})() !== before"
RIPE = "() => performance.now() - window.lit.since > 420"
CHANGED = """before => {
  const lit = document.getElementById("lit");
  return !lit || lit.dataset.signature !== before || document.querySelector("#panel form, form.panel:not([hidden])");
}"""
WRITING = """() => {
  const at = document.activeElement;
  return at && at.id !== "words" && at.matches("input:not([type=hidden]), textarea");
}"""
STILL = """() => {
  const keys = Array.from(document.querySelectorAll("[data-key]"), e => e.dataset.key + (e.closest("li, tr") || e).textContent);
  const now = keys.join().replace(/[0-9:]+/g, "");
  if (now !== window.stood) { window.stood = now; window.stoodSince = performance.now(); }
  return performance.now() - window.stoodSince > 500;
}"""
"""Since half a second every key of a list belongs to the same row; clocks may run on."""
BELIEVES = """() => {
  const call = document.getElementById("call"), lit = document.getElementById("lit");
  const line = document.querySelector("[data-line]"), presence = document.getElementById("presence");
  const receipts = Array.from(document.querySelectorAll("[data-receipt]"), e => e.textContent.replace(/\\s+/g, " ").trim());
  return JSON.stringify({ call: call && { ...call.dataset, ticket: undefined }, lit: lit && lit.dataset.signature,
                          line: line && line.textContent, presence: presence && presence.dataset.presence,
                          visible: document.visibilityState, pressing: window.liandong && liandong.pressing && liandong.pressing(),
                          receipts: receipts });
}"""
