/** What the signed-in person may see of the published metadata, as `GET /api/metadata/application` answers it. */
export interface ApplicationModel {
  version: number;
  language?: string;
  baseCurrency?: string;
  user: { id: string; userName: string; displayName: string; roles: string[]; isAdministrator: boolean };
  apps: AppModel[];
  entities: Entity[];
  forms: Form[];
  views: View[];
}

/** Navigation for one kind of work. */
export interface AppModel {
  name: string;
  label: string;
  description?: string | null;
  icon?: string | null;
  color?: string | null;
  navigation: NavigationGroup[];
}

/** Entries of the navigation under one heading. */
export interface NavigationGroup {
  label?: string | null;
  items: NavigationItem[];
}

/** One entry: the list of an entity's records. */
export interface NavigationItem {
  entity: string;
  view?: string | null;
  label: string;
}

/** A kind of record. */
export interface Entity {
  name: string;
  plural: string;
  label: string;
  pluralLabel: string;
  description?: string | null;
  icon?: string | null;
  color?: string | null;
  primary: string;
  subtitle?: string | null;
  features: string[];
  defaultSort: Sort[];
  rights: Rights;
  fields: Field[];
  lifecycle?: Lifecycle | null;
  buttons: WorkflowButton[];
  inverses: Inverse[];
}

/** What the signed-in person may do with an entity's records. */
export interface Rights {
  create: boolean;
  read: boolean;
  update: boolean;
  delete: boolean;
}

/** States and the transitions that the signed-in person may use. */
export interface Lifecycle {
  field: string;
  transitions: Transition[];
}

/** A way from some states to another. */
export interface Transition {
  name: string;
  label: string;
  from: string[];
  to: string;
  when?: string | null;
}

/** Starts a workflow for a record. */
export interface WorkflowButton {
  name: string;
  label: string;
  when?: string | null;
}

/** The records of another entity that point here through their lookup `via`. */
export interface Inverse {
  name: string;
  label: string;
  entity: string;
  via: string;
}

/** A stored value of a field; the name is the property in the API. */
export interface Column {
  name: string;
  type: string;
  part?: string | null;
}

/** One value to choose. */
export interface Option {
  value: string | number;
  label: string;
  color?: string | null;
  icon?: string | null;
  retired?: boolean;
  when?: (string | number)[] | null;
}

/** A field of an entity. */
export interface Field {
  name: string;
  type: string;
  kind: string;
  label: string;
  description?: string | null;
  columns: Column[];
  required: boolean | string;
  readonly: boolean | string;
  visible: boolean | string;
  hidden: boolean;
  recommended: boolean;
  createOnly: boolean;
  unique: boolean;
  computed: boolean;
  system: boolean;
  writable: boolean;
  default?: unknown;
  maxLength?: number | null;
  pattern?: string | null;
  min?: number | null;
  max?: number | null;
  precision?: number | null;
  scale?: number | null;
  currency?: string | null;
  options?: Option[] | null;
  parent?: string | null;
  allowOther?: boolean;
  targets?: string[] | null;
  polymorphic?: boolean;
  child?: string | null;
  via?: string | null;
  farSide?: string | null;
  gridColumns?: string[] | null;
  filter?: string | null;
  copyFrom?: string | null;
  language?: string | null;
}

/** One level of a sort order. */
export interface Sort {
  field: string;
  descending?: boolean;
}

/** A list of records. */
export interface View {
  name: string;
  entity: string;
  label: string;
  default: boolean;
  columns: string[];
  filter?: string | null;
  sort: Sort[];
}

/** How one record is shown and edited. */
export interface Form {
  name: string;
  entity: string;
  label: string;
  header: string[];
  tabs: Tab[];
}

/** One tab of a form. */
export interface Tab {
  label: string;
  visible?: string | null;
  sections: Section[];
}

/** A group of fields. */
export interface Section {
  label?: string | null;
  columns: number;
  visible?: string | null;
  fields: FormField[];
}

/** A field's place; the name of an inverse side stands for the related records. */
export interface FormField {
  field: string;
  span?: number | null;
}
