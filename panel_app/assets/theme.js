// The theme that was chosen here before, else the one that the system asks for.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  root.dataset.theme = localStorage.getItem("leadline.theme") ?? system;
  addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    const say = () => button.setAttribute("aria-pressed", root.dataset.theme === "dark");
    say();
    button.addEventListener("click", () => {
      root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
      localStorage.setItem("leadline.theme", root.dataset.theme);
      say();
    });
  });
})();
