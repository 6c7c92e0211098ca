// Runs before the first paint, so that a chosen theme does not flash; main.js owns the switch.
(() => {
  try {
    const theme = localStorage.getItem("soramame.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch { /* storage is closed to us: the system's own theme it is */ }
})();
