// Agreements with partners on a phone: proposed and answered while teams decide, kept or broken in the middle of the year.

import { h } from "./dom.js";
import { say } from "./shared.js";
import { termsText } from "./stories.js";

const SCALES = [["frame", "steering"], ["time", "hours_together"]];

/** Whether somebody waits for our answer. */
export const waitsForUs = (partners) => partners.filter((partner) => partner.offered === "them").length;

/** One card per partner, of which one can be opened to propose terms. */
export function partnersList({ partners, terms, local, act, draw, locked, round }) {
  return partners.map((partner) => card(partner));

  function card(partner) {
    const open = local.partner === partner.id;
    return h("section", { class: `card partner ${partner.offered === "them" ? "asked" : ""}`, key: `partner ${partner.id}` },
      h("h2", null, partner.name, partner.people ? null : h("span", { class: "tag" }, say("phone.deal.nobody"))),
      status(partner),
      locked ? null : partner.offered === "them" && !open ? answer(partner) : open ? form(partner) : h("div", { class: "row" },
        h("button", { onclick: () => opened(partner) }, say(partner.terms || partner.offer ? "phone.deal.change" : "phone.deal.propose")),
        partner.offered === "us" ? h("button", { class: "quietly", onclick: () => act({ do: "answer", partner: partner.id, accepted: false, round }) }, say("phone.deal.take_back")) : null,
        partner.terms ? h("button", { class: "quietly", onclick: () => act({ do: "hold", partner: partner.id, held: false, round }) }, say("phone.deal.end")) : null));
  }

  function opened(partner) {
    local.partner = partner.id;
    local.terms = { ...partner.begin };
    draw();
  }

  function status(partner) {
    return [
      partner.terms ? h("p", { class: "saved" }, say("phone.deal.agreed", { terms: termsText(partner.terms, terms) })) : null,
      partner.offered === "us" ? h("p", { class: "waiting" }, say("phone.deal.offered_us", { terms: termsText(partner.offer, terms) })) : null,
      partner.offered === "them" ? h("p", null, say("phone.deal.offered_them", { terms: termsText(partner.offer, terms) })) : null,
      partner.refused === "them" ? h("p", { class: "muted" }, say("phone.deal.refused_them")) : null,
      partner.ended === "them" ? h("p", { class: "error" }, say("phone.deal.ended_them")) : null,
      !partner.terms && !partner.offer && !partner.refused && partner.ended !== "them" ? h("p", { class: "muted" }, say("phone.deal.nothing")) : null,
    ];
  }

  function answer(partner) {
    return h("div", { class: "row" },
      h("button", { class: "main", onclick: () => act({ do: "answer", partner: partner.id, accepted: true, round }) }, say("phone.deal.accept")),
      h("button", { onclick: () => opened(partner) }, say("phone.deal.counter")),
      h("button", { onclick: () => act({ do: "answer", partner: partner.id, accepted: false, round }) }, say("phone.deal.refuse")));
  }

  function form(partner) {
    const send = (event) => {
      event.preventDefault();
      act({ do: "propose", partner: partner.id, ...local.terms, round }).then(({ ok }) => { if (ok) local.partner = ""; draw(); });
    };
    return h("form", { class: "terms", onsubmit: send },
      SCALES.map(([name, decision]) => h("div", { class: "field" },
        h("label", { for: `${name} ${partner.id}` }, say(`phone.deal.${name}`)),
        h("select", { id: `${name} ${partner.id}`, onchange: (event) => { local.terms[name] = Number(event.target.value); draw(); } }, terms[decision].map((step, place) =>
          h("option", { value: place, selected: place === local.terms[name] }, say(`decision.${decision}.step.${step}.label`)))),
        h("p", { class: "hint" }, say(`decision.${decision}.step.${terms[decision][local.terms[name]]}.means`)))),
      h("p", { class: "hint" }, say("phone.deal.cost")),
      h("div", { class: "row" },
        h("button", { class: "main", type: "submit" }, say("phone.deal.send")),
        h("button", { type: "button", onclick: () => { local.partner = ""; draw(); } }, say("phone.deal.cancel"))));
  }
}

/** In the middle of the year: each agreement is kept, or broken. */
export function keptOrBroken({ partners, terms, act, locked, round }) {
  if (!partners.length) return null;
  const hold = (partner, held) => act({ do: "hold", partner: partner.id, held, round });
  return h("section", { class: "card" }, h("h2", null, say("phone.moment.agreements")), partners.map((partner) => h("div", { class: "deal", key: partner.id },
    h("p", null, h("b", null, partner.name), ": ", termsText(partner.terms, terms)),
    partner.broken === "them" ? h("p", { class: "error" }, say("phone.moment.broken_them")) : h("div", { class: "row two", role: "group", "aria-label": partner.name },
      h("button", { class: partner.broken ? "" : "chosen", "aria-pressed": String(!partner.broken), disabled: locked, onclick: () => hold(partner, true) }, say("phone.moment.keep")),
      h("button", { class: partner.broken ? "chosen bad" : "", "aria-pressed": String(Boolean(partner.broken)), disabled: locked, onclick: () => hold(partner, false) }, say("phone.moment.break"))))));
}
