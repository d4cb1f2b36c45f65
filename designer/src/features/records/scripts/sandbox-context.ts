import { createContext } from 'react';
import type { OpenSandbox } from './messages';
import { openSealedSandbox } from './sealed-sandbox';

/** How scripts of forms are shut in. */
export const SandboxContext = createContext<OpenSandbox>(openSealedSandbox);
