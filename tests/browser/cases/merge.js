// Two people at one record: the second is told, sees both values of what both changed, and chooses; nothing that was typed
// is lost. With a script and without.
"use strict";

const fields = async (page, server, path) => (await (await page.request.get(server.org + path, {headers: {Accept: "application/json"}})).json()).fields;

async function both(t, script) {
  const server = await t.serve();
  const page = await t.page(server, {script});
  page.expected = 409;
  await page.goto(server.org + "/r/risk/RI01/edit");
  await server.assay("set", "risk", "RI01", "likelihood=3", "consequence=4", "details=Theirs", "--as", "Reiter");
  await page.fill("[name='f.likelihood']", "4");
  await page.fill("[name='f.details']", "Mine, in two lines,\nof which none may go");
  await page.fill("[name='f.category']", "Mine alone");
  await t.go(page, () => page.click("button.primary"));

  t.ok("the second is told who was faster", (await page.textContent(".conflict")).includes("Reiter changed this record"));
  t.is("both fields stand first", (await page.locator("fieldset.both legend").allTextContents()).join(), "Details,Likelihood");
  t.ok("theirs is shown", (await page.textContent("fieldset.both:has([name='f.likelihood']) .long")).trim() === "3");
  t.is("mine is typed", await page.inputValue("[name='f.likelihood']"), "4");
  t.is("what both did not touch stays", await page.inputValue("[name='f.category']"), "Mine alone");
  t.is("what only they changed is theirs", await page.inputValue("[name='f.consequence']"), "4");
  await t.sound("the form of both", page);
  await page.click("button.primary"); // the browser itself refuses
  t.ok("one has to choose", await page.locator("fieldset.both").count() === 2);
  await page.check("[name='take.likelihood'][value=theirs]");
  if (script) await page.press("[name='f.details']", "End"); // which changes nothing
  await page.check("[name='take.details'][value=mine]");

  // A third time.
  await server.assay("set", "risk", "RI01", "details=Theirs again", "--as", "Reiter");
  await t.go(page, () => page.click("button.primary"));
  t.is("told again, of what is new alone", (await page.locator("fieldset.both legend").allTextContents()).join(), "Details");
  await page.fill("[name='f.details']", "Both, put together");
  if (!script) await page.check("[name='take.details'][value=mine]");
  t.ok("what is typed is chosen", await page.isChecked("[name='take.details'][value=mine]"));
  await t.go(page, () => page.click("button.primary"));
  const now = await fields(page, server, "/r/risk/RI01");
  t.is("all of it is there", JSON.stringify([now.likelihood, now.consequence, now.details, now.category]),
    JSON.stringify([3, 4, "Both, put together", "Mine alone"]));
}

// Lines are taken or kept as a whole.
async function lines(t) {
  const server = await t.serve();
  const page = await t.page(server, {script: false});
  page.expected = 409;
  const path = "/r/management_review/MR-2026-1";
  await page.goto(server.org + path + "/edit");
  const before = await fields(page, server, path);
  await server.assay("set", "management_review", "MR-2026-1", 'decisions={"text":"Theirs alone"}', "--as", "Reiter");
  await page.fill("[name='f.conclusion']", "Mine");
  await t.go(page, () => page.click("button.primary"));
  t.is("nothing to choose", await page.locator("fieldset.both").count(), 0);
  t.is("their lines are in the form", await page.inputValue("[name='f.decisions.0.text']"), "Theirs alone");
  await t.go(page, () => page.click("button.primary"));
  const now = await fields(page, server, path);
  t.is("their lines stay", JSON.stringify(now.decisions.map(d => d.text)), '["Theirs alone"]');
  t.is("and mine is there", now.conclusion, "Mine");
  t.is("nothing else has changed", JSON.stringify(now.inputs), JSON.stringify(before.inputs));

  await page.goto(server.org + path + "/edit");
  await server.assay("set", "management_review", "MR-2026-1", 'decisions={"text":"Theirs later"}', "--as", "Reiter");
  await page.fill("[name='f.decisions.0.text']", "Mine later");
  await t.go(page, () => page.click("button.primary"));
  t.is("both changed the lines", await page.locator("fieldset.both").count(), 1);
  t.ok("theirs is said in words", (await page.textContent("fieldset.both .long")).includes("Theirs later") && !(await page.textContent("fieldset.both .long")).includes("{"));
  await page.check("[value=mine]");
  await t.go(page, () => page.click("button.primary"));
  t.is("mine was kept", (await fields(page, server, path)).decisions[0].text, "Mine later");
}

module.exports = {"with a script": t => both(t, true), "without": t => both(t, false), lines};
