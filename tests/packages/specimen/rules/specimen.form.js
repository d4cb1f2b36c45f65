// Proves that scripts of forms work, are shut in, and end.
const outside = {
  fetch: () => fetch('https://example.com/'),
  home: () => fetch('/api/auth/me'),
  socket: () => new Promise((resolve, reject) => {
    const socket = new WebSocket('wss://example.com/');
    socket.onopen = resolve;
    socket.onerror = reject;
  }),
  request: () => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.onload = resolve;
    request.onerror = reject;
    request.open('GET', 'https://example.com/');
    request.send();
  }),
  script: () => importScripts('https://example.com/x.js'),
  module: () => import('https://example.com/x.js'),
  storage: () => new Promise((resolve, reject) => {
    const opened = indexedDB.open('x');
    opened.onsuccess = resolve;
    opened.onerror = reject;
  }),
  cache: () => caches.open('x'),
  page: () => document.cookie,
  parent: () => parent.location.href,
};

onChange('barcode', async () => {
  if (record.barcode === 'endless') while (true);
  if (record.barcode !== 'outside') return;
  const reached = [];
  for (const [name, reach] of Object.entries(outside)) {
    try {
      await reach();
      reached.push(name);
    } catch {
      // It is shut in.
    }
  }
  warn('barcode', reached.length > 0 ? `Reached: ${reached.join(', ')}` : 'Nothing outside can be reached.');
});

onChange('website', async () => {
  const found = await query('account', { orderBy: 'name', limit: 1 });
  record.remarks = found[0].name;
  form.require('phone');
});
