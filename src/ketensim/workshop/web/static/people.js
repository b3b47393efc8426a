// Who is in the room, table by table, and what the facilitator can do for somebody.

import { h } from "./dom.js";
import { say } from "./say.js";

const ROLES = ["team", "mirror", "observer"];

/** The list of everybody, with a form for the one that is opened. */
export function peoplePanel({ snapshot, act, local, draw, data }) {
  const names = Object.fromEntries(snapshot.organisations.map((one) => [one.id, one.name]));
  const missing = new Set(snapshot.not_predicted);
  return h("section", { class: "card people", key: "people" },
    h("h2", null, say("control.people", { people: snapshot.people.length })),
    snapshot.people.length === 0 ? h("p", { class: "muted" }, say("control.nobody")) : null,
    Array.from({ length: snapshot.tables }, (_, table) => {
      const here = snapshot.people.filter((person) => person.table === table);
      if (!here.length) return null;
      return [snapshot.tables > 1 ? h("h3", null, say("shared.table", { table: table + 1 })) : null,
        h("ul", null, here.map((person) => line(person)))];
    }));

  function line(person) {
    const opened = local.open === person.id;
    const name = person.nickname || say("control.nameless", { code: person.rejoin });
    const place = person.role === "observer" ? say("shared.role.observer") : `${names[person.organisation] ?? ""}${person.role === "mirror" ? ` (${say("shared.role.mirror")})` : ""}`;
    const state = person.robot ? "robot" : person.here ? "here" : "away";
    return h("li", { key: person.id },
      h("button", { class: "person", "aria-expanded": String(opened), onclick: () => { local.open = opened ? "" : person.id; draw(); } },
        h("i", { class: `dot ${state}`, "aria-hidden": "true" }),
        h("span", null, h("b", null, name), " ", h("span", { class: "muted small" }, place)),
        h("span", { class: "hidden" }, say(`control.state.${state}`)),
        missing.has(person.id) ? h("span", { class: "tag" }, say("control.no_prediction")) : null),
      opened ? form(person) : null);
  }

  function form(person) {
    const move = (event) => {
      event.preventDefault();
      const fields = event.target.elements;
      const role = fields.role.value;
      act({ do: "move", seat: person.id, table: Number(fields.table.value), role, organisation: role === "observer" ? "" : fields.organisation.value });
    };
    const rename = (event) => {
      event.preventDefault();
      act({ do: "rename", seat: person.id, nickname: event.target.elements.nickname.value });
    };
    const select = (name, label, options) => h("div", null, h("label", { for: `${name}-${person.id}` }, label), h("select", { id: `${name}-${person.id}`, name }, options));
    const option = (value, words, chosen) => h("option", { value, selected: chosen }, words);
    return h("div", { class: "opened" },
      h("p", { class: "small" }, say("control.rejoin"), " ", h("b", { class: "code" }, person.rejoin)),
      h("form", { class: "row nowrap", onsubmit: rename },
        h("label", { class: "hidden", for: `name-${person.id}` }, say("control.rename")),
        h("input", { type: "text", id: `name-${person.id}`, name: "nickname", maxlength: data.nickname_length, value: person.nickname, placeholder: say("control.rename") }),
        h("button", { type: "submit" }, say("control.rename_button"))),
      h("form", { class: "grid", onsubmit: move },
        select("table", say("control.column.table"), Array.from({ length: snapshot.tables }, (_, table) => option(table, String(table + 1), table === person.table))),
        select("role", say("control.role"), ROLES.map((role) => option(role, say(`shared.role.${role}`), role === person.role))),
        select("organisation", say("control.organisation"), snapshot.organisations.map((one) => option(one.id, one.name, one.id === person.organisation))),
        h("button", { type: "submit" }, say("control.move"))),
      h("button", { class: "danger", onclick: () => confirm(say("control.remove_sure")) && act({ do: "remove", seat: person.id }) }, say("control.remove")));
  }
}
