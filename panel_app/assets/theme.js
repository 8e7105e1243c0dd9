// The theme that was chosen here before, else the one that the system asks for.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const order = ["system", "light", "dark"];
  const chosen = () => localStorage.getItem("leadline.theme") ?? "system";
  const show = () => {
    const is = chosen();
    root.dataset.theme = is === "system" ? (dark.matches ? "dark" : "light") : is;
    const name = document.getElementById("theme-name");
    if (name) name.textContent = is;
  };
  show();
  dark.addEventListener("change", show);
  addEventListener("DOMContentLoaded", () => {
    show();
    document.getElementById("theme").addEventListener("click", () => {
      localStorage.setItem("leadline.theme", order[(order.indexOf(chosen()) + 1) % 3]);
      show();
    });
  });
})();
