// Panels of the facilitator: who is at the door and in the room, what every team has chosen, and what they agreed on.

import { h } from "./dom.js";
import { say } from "./shared.js";
import { agreed } from "./stories.js";

const FEW = 4; // questions; more of them are written smaller, so that all stand in view
const ROLES = ["team", "mirror", "observer"];

/** The list of everybody, with a form for who is opened. */
export function peoplePanel({ snapshot, act, local, draw, data }) {
  const names = organisationNames(snapshot);
  const missing = new Set(snapshot.not_predicted);
  const away = snapshot.people.filter((person) => !person.here && !person.robot).length;
  return h("section", { class: "card people", key: "people" },
    h("h2", null, say("control.people", { people: snapshot.people.length })),
    snapshot.people.length === 0 ? h("p", { class: "muted" }, say("control.nobody")) : null,
    away ? h("p", null, h("button", { onclick: () => confirm(say("control.remove_away_sure", { people: away })) && act({ do: "remove_away" }) }, say("control.remove_away", { people: away }))) : null,
    Array.from({ length: snapshot.tables }, (_, table) => {
      const here = snapshot.people.filter((person) => person.table === table);
      if (!here.length) return null;
      return [snapshot.tables > 1 ? h("h3", null, nameOfTable(snapshot, table)) : null,
        h("ul", null, here.map((person) => line(person)))];
    }));

  function line(person) {
    const unfolded = local.open === person.id;
    const name = person.nickname || say("control.nameless", { code: person.rejoin });
    const place = person.role === "observer" ? say("shared.role.observer") : `${names[person.organisation] ?? ""}${person.role === "mirror" ? ` (${say("shared.role.mirror")})` : ""}`;
    const state = person.robot ? "robot" : person.here ? "here" : "away";
    return h("li", { key: person.id },
      h("button", { class: "person", "aria-expanded": String(unfolded), onclick: () => { local.open = unfolded ? "" : person.id; draw(); } },
        h("i", { class: `dot ${state}`, "aria-hidden": "true" }),
        h("span", null, h("b", null, name), " ", h("span", { class: "muted small" }, place)),
        h("span", { class: "hidden" }, say(`control.state.${state}`)),
        missing.has(person.id) ? h("span", { class: "tag" }, say("control.no_prediction")) : null),
      unfolded ? form(person) : null);
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
        select("organisation", say("control.organisation"), snapshot.organisations.map(({ id, name }) => option(id, name, id === person.organisation))),
        h("button", { type: "submit" }, say("control.move"))),
      h("button", { class: "danger", onclick: () => confirm(say("control.remove_sure")) && act({ do: "remove", seat: person.id }) }, say("control.remove")));
  }
}

/** Whether the door is open, and who waits at it. */
export function doorPanel({ snapshot, act }) {
  const waiting = snapshot.at_the_door;
  return h("section", { class: `card door ${waiting.length ? "asked" : ""}`, key: "door" },
    h("h2", null, say("control.door.title")),
    h("div", { class: "row two", role: "group", "aria-label": say("control.door.title") }, ["open", "ask", "closed"].map((door) =>
      h("button", { key: door, class: door === snapshot.door ? "chosen" : "", "aria-pressed": String(door === snapshot.door), onclick: () => act({ do: "door", door }) }, say(`control.door.${door}`)))),
    waiting.length ? h("ul", { class: "waiting-list" }, waiting.map((person) => h("li", { key: person.id, class: "row apart nowrap" },
      h("span", null, person.nickname || say("control.door.nameless")),
      h("span", { class: "row nowrap" },
        h("button", { class: "main", onclick: () => act({ do: "admit", seat: person.id }) }, say("control.door.admit")),
        h("button", { onclick: () => act({ do: "remove", seat: person.id }) }, say("control.door.refuse")))))) : null,
    waiting.length > 1 ? h("button", { onclick: () => waiting.forEach((person) => act({ do: "admit", seat: person.id })) }, say("control.door.admit_all", { people: waiting.length })) : null);
}

/** What teams agreed on with each other in this round. */
export function agreementsPanel({ snapshot, data }) {
  if (!snapshot.agreements?.length) return null;
  const names = organisationNames(snapshot);
  return h("section", { class: "card", key: "agreements" }, h("h2", null, say("control.agreements")),
    h("ul", { class: "agreed" }, snapshot.agreements.map((one) => h("li", { key: `${one.table} ${one.one} ${one.other}` },
      snapshot.tables > 1 ? h("span", { class: "tag" }, nameOfTable(snapshot, one.table)) : null, " ", agreed(one, data.terms, (id) => names[id] ?? id)))));
}

/** A table per table: organisations by open decisions. */
export function choicesPanel({ snapshot, act, local, draw }) {
  const open = snapshot.open ?? [];
  const changeable = ["decide", "run", "moment", "second"].includes(snapshot.phase);
  const tables = Array.from({ length: snapshot.tables }, (_, table) => table);
  return h("section", { class: "card", key: "choices" },
    h("h2", null, say("control.choices")),
    tables.map((table) => h("div", { class: "scroll", key: String(table) },
      h("table", { class: open.length > FEW ? "chosen wide" : "chosen" },
        h("caption", { class: snapshot.tables > 1 ? "" : "hidden" }, nameOfTable(snapshot, table)),
        h("thead", null, h("tr", null, h("th", { scope: "col" }, say("control.organisation")), h("th", { scope: "col" }, say("control.column.state")), open.map(({ name }) => h("th", { scope: "col" }, say(`decision.${name}.label`))))),
        h("tbody", null, snapshot.teams.filter((team) => team.table === table).map((team) => row(team)))))));

  function row(team) {
    const key = `${team.table} ${team.organisation}`;
    const name = organisationNames(snapshot)[team.organisation];
    const editing = local.open === key;
    return [
      h("tr", { key },
        h("th", { scope: "row" }, name),
        h("td", null, h("span", { class: `state ${state(team)}` }, say(`control.team.${state(team)}`)),
          changeable ? h("button", { class: "quietly", "aria-expanded": String(editing), "aria-label": say("control.edit_of", { organisation: name }), onclick: () => { local.open = editing ? "" : key; draw(); } }, say("control.edit")) : null),
        open.map(({ name: decision, steps }) => h("td", null, say(`decision.${decision}.step.${steps[team.steps[decision]]}.label`),
          team.changed[decision] === undefined ? null : ` → ${say(`decision.${decision}.step.${steps[team.changed[decision]]}.label`)}`))),
      editing ? h("tr", { key: `${key} form` }, h("td", { colspan: open.length + 2 }, form(team, name))) : null,
    ];
  }

  function state(team) {
    if (team.by === "facilitator" && team.final) return "edited";
    if (team.people === 0) return "robot";
    return team.final ? (team.by === "kept" ? "kept" : "final") : "waiting";
  }

  function form(team, name) {
    const save = (event) => {
      event.preventDefault();
      const steps = Object.fromEntries(open.map(({ name: decision }) => [decision, Number(event.target.elements[decision].value)]));
      act({ do: "edit", table: team.table, organisation: team.organisation, steps }).then(({ ok }) => { if (ok) local.open = ""; draw(); });
    };
    return h("form", { class: "grid", onsubmit: save, "aria-label": say("control.edit_of", { organisation: name }) },
      open.map(({ name: decision, steps }) => h("div", null, h("label", { for: `edit-${decision}` }, say(`decision.${decision}.label`)),
        h("select", { id: `edit-${decision}`, name: decision }, steps.map((step, place) => h("option", { value: place, selected: place === team.steps[decision] }, say(`decision.${decision}.step.${step}.label`)))))),
      h("div", { class: "row" },
        h("button", { class: "main", type: "submit" }, say("control.save")),
        team.final && snapshot.phase === "decide" ? h("button", { type: "button", onclick: () => act({ do: "reopen", table: team.table, organisation: team.organisation }) }, say("control.reopen")) : null));
  }
}

// by its number, for who walks through the room, and by the name that it gave itself
function nameOfTable(snapshot, table) {
  const name = snapshot.table_names[table];
  return `${say("shared.table", { table: table + 1 })}${name ? ` (${name})` : ""}`;
}

function organisationNames(snapshot) {
  return Object.fromEntries(snapshot.organisations.map(({ id, name }) => [id, name]));
}
