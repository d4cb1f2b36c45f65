import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// Machines that build several things at once are slow.
configure({ asyncUtilTimeout: 30_000 });

afterEach(cleanup);

window.matchMedia = (query: string) =>
  ({
    matches: false,
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }) as unknown as MediaQueryList;

class SilentObserver {
  observe() {
    return undefined;
  }
  unobserve() {
    return undefined;
  }
  disconnect() {
    return undefined;
  }
}
window.ResizeObserver = SilentObserver as unknown as typeof ResizeObserver;

// jsdom lays nothing out, and so has nothing to scroll.
Element.prototype.scrollIntoView = () => undefined;
