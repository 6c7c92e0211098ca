// The paper landscape at the top of the gallery: sheets of paper behind one another, by day or by night.
const SCENE = `
<svg viewBox="0 0 1200 360" preserveAspectRatio="xMidYMax slice" aria-hidden="true" focusable="false">
  <defs>
    <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" class="sky-1"/><stop offset="1" class="sky-2"/></linearGradient>
    <filter id="cut" x="-5%" y="-20%" width="110%" height="140%"><feDropShadow dx="0" dy="-3" stdDeviation="5" flood-color="#20203a" flood-opacity=".22"/></filter>
  </defs>
  <rect width="1200" height="360" fill="url(#sky)"/>
  <g class="ring"><circle cx="955" cy="118" r="150" opacity=".16"/><circle cx="955" cy="118" r="108" opacity=".22"/><circle cx="955" cy="118" r="74" opacity=".32"/></g>
  <circle class="sun" cx="955" cy="118" r="46"/>
  <g class="stars"><circle cx="90" cy="60" r="2"/><circle cx="210" cy="34" r="1.500"/><circle cx="330" cy="88" r="2"/><circle cx="470" cy="42" r="1.500"/><circle cx="600" cy="80" r="2"/><circle cx="700" cy="30" r="1.500"/><circle cx="800" cy="66" r="2"/><circle cx="1090" cy="40" r="2"/><circle cx="1150" cy="110" r="1.500"/></g>
  <g class="cloud" filter="url(#cut)">
    <path class="drift" d="M640 96c4-22 30-28 44-14 12-20 46-16 50 8 20-4 32 10 30 24H622c-4-10 6-20 18-18z"/>
    <path class="drift slow" d="M1010 196c3-16 22-21 33-10 9-15 34-12 37 6 15-3 24 7 22 18H997c-3-8 4-15 13-14z"/>
  </g>
  <g filter="url(#cut)"><path class="hill-1" d="M0 306L150 276l110 14 120-22 100 8 96-76 70 52 110-128 104 104 62-44 92 70 72-40 114 56v136H0z"/>
    <path class="snow" d="M576 200l70 52-26-6-18 12-22-18-24 12-14-6zM756 124l60 60-26-8-20 18-28-20-24 16-14-8zM922 184l44 34-18-4-16 10-18-14-16 6z"/></g>
  <path class="hill-2" filter="url(#cut)" d="M0 300c120-34 220-36 340-8s200 10 310-14 210-30 310 2 170 16 240-10v110H0z"/>
  <path class="hill-3" filter="url(#cut)" d="M0 318c90-34 190-34 290-10s210 30 330 2 190-34 300-6 190 22 280-6v70H0z"/>
  <g filter="url(#cut)">
    <path class="hill-4" d="M0 346c150-26 300-22 470-8s330 10 470-6 180-10 260 0v40H0z"/>
    <g class="vine"><path d="M1040 346c-8-40 10-66-4-104M1040 310c-22-4-34-20-34-34M1038 288c20-6 32-22 32-38"/></g>
    <g class="leaves"><path d="M1006 278c-20 2-34-8-38-26 20-4 36 6 38 26zM1070 252c18-2 30-14 32-32-20 0-32 12-32 32zM1036 244c-14-10-16-26-8-40 14 8 18 24 8 40zM1036 244c6-14 20-20 34-16-4 14-18 22-34 16z"/></g>
    <g class="pod"><path d="M1010 290c14 6 18 26 6 42-10 12-26 8-28-6-2-16 6-38 22-36z"/><path d="M1066 270c16 0 24 18 18 36-6 14-22 16-28 4-6-14-4-38 10-40z"/></g>
    <g class="vine thin"><path d="M120 350c-4-24 6-40 0-62M122 322c-12-2-20-10-22-20"/></g>
    <g class="leaves"><path d="M100 302c-14 2-24-4-28-18 16-4 26 4 28 18zM120 288c-8-8-10-20-2-30 10 8 12 20 2 30z"/></g>
  </g>
</svg>`;

/** The landscape as an element; it is decoration, and hidden from screen readers. */
export function scene() {
  const frame = document.createElement("div");
  frame.className = "scene";
  frame.innerHTML = SCENE;
  return frame;
}
