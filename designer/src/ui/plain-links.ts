import { createContext } from 'react';

/** True where values stand inside a link or on a surface that is one: they are then shown without links of their own. */
export const PlainLinks = createContext(false);
