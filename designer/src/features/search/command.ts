/** Something that can be chosen without searching records: a page, a list, a new record, an action. */
export interface Command {
  key: string;
  kind: 'go' | 'create' | 'do';
  label: string;
  /** Where it belongs, such as the app of a list. */
  beside?: string;
  /** Name of an icon and of a palette colour. */
  icon?: string | undefined;
  color?: string | undefined;
  /** The address that it opens; else `run` is called. */
  path?: string;
  run?: () => void;
  /** Shown before anything is typed. */
  isNear?: boolean;
}
