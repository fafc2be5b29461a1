// Quizzes: options become buttons. A click says whether it is right and why; the first click
// on a question counts. Without this script the options are a list, the answers folded away.
"use strict";
(() => {
  const quizzes = [...document.querySelectorAll(".quiz")];
  const firstTries = new Map();

  function element(tag, attributes, ...content) {
    const made = Object.assign(document.createElement(tag), attributes);
    made.append(...content);
    return made;
  }

  function answer(quiz, item, position, reasons) {
    const right = position === Number(quiz.dataset.answer);
    if (!firstTries.has(quiz)) firstTries.set(quiz, right);
    if (item.querySelector(".reason")) return;
    item.classList.add(right ? "right" : "wrong");
    const words = [...reasons[position].cloneNode(true).childNodes];
    const verdict = element("b", {}, right ? "✓ Right. " : "✗ No. ");
    const said = element("p", { className: "reason" }, verdict, ...words);
    const link = quiz.querySelector(".read a").cloneNode(true);
    if (!right) said.append(" Read: ", link, ".");
    item.append(said);
    quiz.querySelector(".said").textContent = said.textContent;
    showScore();
  }

  function showScore() {
    const score = document.querySelector(".quiz-score");
    const right = [...firstTries.values()].filter(Boolean).length;
    const done = firstTries.size === quizzes.length;
    score.hidden = false;
    score.textContent = done
      ? `${right} of ${quizzes.length} right at the first try. `
      : `${firstTries.size} of ${quizzes.length} answered, ${right} right at the first try.`;
    if (done) {
      const again = element("button", { type: "button" }, "Once more");
      again.addEventListener("click", () => {
        firstTries.clear();
        score.hidden = true;
        quizzes.forEach(clear);
        scrollTo(0, 0);
      });
      score.append(again);
    }
  }

  function clear(quiz) {
    for (const item of quiz.querySelectorAll(".options li")) {
      item.classList.remove("right", "wrong");
      item.querySelector(".reason")?.remove();
    }
    quiz.querySelector(".said").textContent = "";
  }

  for (const quiz of quizzes) {
    const reasons = quiz.querySelectorAll(".reasons li");
    quiz.querySelectorAll(".options li").forEach((item, position) => {
      const button = element("button", { type: "button" }, ...item.childNodes);
      button.addEventListener("click", () => answer(quiz, item, position, reasons));
      item.append(button);
    });
    const said = element("p", { className: "said" });
    said.setAttribute("role", "status"); // read aloud; the eye has it beside the option
    quiz.append(said);
    quiz.classList.add("live");
  }
})();
