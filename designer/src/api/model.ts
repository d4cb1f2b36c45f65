// Made from engine/Xrm.Server/Features/Metadata/ApplicationModel.cs by the tests of the server. Do not edit.

/** Everything that the screens of one caller are generated from, as `GET /api/metadata/application` answers it. Names are as in the metadata format. */
export interface ApplicationModel {
  version: number;
  language: string;
  timeZone: string;
  baseCurrency?: string | undefined;
  user: User;
  apps: App[];
  entities: Entity[];
  forms: Form[];
  views: View[];
  scriptTexts: Text[];
}

/** The person who asks. */
export interface User {
  id: string;
  userName: string;
  displayName: string;
  roles: string[];
  isAdministrator: boolean;
  values: UserValue[];
  preview?: Preview | undefined;
}

/** Navigation for one kind of work. */
export interface App {
  name: string;
  label: string;
  description?: string | undefined;
  icon?: string | undefined;
  color?: string | undefined;
  navigation: NavigationGroup[];
}

/** A kind of record. */
export interface Entity {
  name: string;
  plural: string;
  label: string;
  pluralLabel: string;
  description?: string | undefined;
  icon?: string | undefined;
  color?: string | undefined;
  primary: string;
  subtitle?: string | undefined;
  features: string[];
  defaultSort: Sort[];
  rights: Rights;
  fields: Field[];
  lifecycle?: Lifecycle | undefined;
  buttons: WorkflowButton[];
  actions: Action[];
  inverses: Inverse[];
  rules: Rule[];
  formScripts: FormScript[];
  isSettings: boolean;
  isPerson: boolean;
}

/** How one record is shown and edited. */
export interface Form {
  name: string;
  entity: string;
  label: string;
  header: string[];
  tabs: Tab[];
}

/** A list of records. */
export interface View {
  name: string;
  entity: string;
  label: string;
  default: boolean;
  columns: string[];
  filter?: string | undefined;
  sort: Sort[];
}

/** A text that scripts of forms ask for, in the person's language. */
export interface Text {
  key: string;
  text: string;
}

/** A value of the person's own record. */
export interface UserValue {
  name: string;
  kind: string;
  value?: unknown;
}

/** As whom an administrator sees the application: labels of the roles, and the person where it is somebody's place. */
export interface Preview {
  roles: string[];
  person?: string | undefined;
}

/** Entries of the navigation under one heading. */
export interface NavigationGroup {
  label?: string | undefined;
  items: NavigationItem[];
}

/** One level of a sort order. */
export interface Sort {
  field: string;
  descending: boolean;
}

/** What the person may do with an entity's records. */
export interface Rights {
  create: boolean;
  read: boolean;
  update: boolean;
  delete: boolean;
  share: boolean;
  export: boolean;
  import: boolean;
}

/** A field as a form needs it. `required`, `readonly`, `visible`: true, false, or a formula. */
export interface Field {
  name: string;
  type: string;
  kind: string;
  label: string;
  description?: string | undefined;
  columns: Column[];
  required: boolean | string;
  readonly: boolean | string;
  visible: boolean | string;
  hidden: boolean;
  recommended: boolean;
  createOnly: boolean;
  unique: boolean;
  search: boolean;
  computed: boolean;
  system: boolean;
  writable: boolean;
  masked: boolean;
  default?: unknown;
  maxLength?: number | undefined;
  pattern?: string | undefined;
  min?: number | undefined;
  max?: number | undefined;
  precision?: number | undefined;
  scale?: number | undefined;
  currency?: string | undefined;
  options?: Option[] | undefined;
  parent?: string | undefined;
  allowOther: boolean;
  targets?: string[] | undefined;
  polymorphic: boolean;
  child?: string | undefined;
  via?: string | undefined;
  farSide?: string | undefined;
  gridColumns?: string[] | undefined;
  filter?: string | undefined;
  copyFrom?: string | undefined;
  language?: string | undefined;
}

/** The field that holds the state, and the transitions that the person may use. */
export interface Lifecycle {
  field: string;
  transitions: Transition[];
}

/** Starts a workflow for a record; `when` is a formula. */
export interface WorkflowButton {
  name: string;
  label: string;
  when?: string | undefined;
}

/** Runs a script for a record with what the person enters; `when` is a formula. */
export interface Action {
  name: string;
  label: string;
  description?: string | undefined;
  when?: string | undefined;
  parameters: Parameter[];
}

/** The records of another entity that point here through their lookup `via`. */
export interface Inverse {
  name: string;
  label: string;
  entity: string;
  via: string;
}

/** A rule without a script, in the order in which rules run. `fields`: on update it runs only while one of them is changed; `when` is a formula, always true where missing. */
export interface Rule {
  name: string;
  onCreate: boolean;
  onUpdate: boolean;
  fields: string[];
  when?: string | undefined;
  then: RuleAction[];
  else: RuleAction[];
}

/** JavaScript that runs in forms of the entity; the name is that of its file. */
export interface FormScript {
  name: string;
  text: string;
}

/** One tab of a form; `visible` is a formula. */
export interface Tab {
  label: string;
  visible?: string | undefined;
  sections: Section[];
}

/** One entry: the list of an entity's records, in a view of its own or in the one that opens first. */
export interface NavigationItem {
  entity: string;
  view?: string | undefined;
  label: string;
}

/** A stored value of a field; the name is the property in the API. */
export interface Column {
  name: string;
  type: string;
  part: string;
}

/** One value to choose. */
export interface Option {
  value: string | number;
  label: string;
  color?: string | undefined;
  icon?: string | undefined;
  retired: boolean;
  when: (string | number)[];
}

/** A way from some states to another; `when` is a formula. */
export interface Transition {
  name: string;
  label: string;
  from: string[];
  to: string;
  when?: string | undefined;
}

/** A value that the person is asked for. `type`: text, multiline, integer, decimal, boolean, date, datetime, choice, lookup; `target`: entity of a lookup. */
export interface Parameter {
  name: string;
  label: string;
  description?: string | undefined;
  type: string;
  required: boolean;
  default?: string | number | undefined;
  options: ParameterOption[];
  target?: string | undefined;
  min?: number | undefined;
  max?: number | undefined;
  maxLength?: number | undefined;
}

/** What a rule does with fields. `kind`: require, lock, show, hide, limit, set, default, clear, error, warning, info; `to` is a formula. */
export interface RuleAction {
  kind: string;
  fields: string[];
  to?: string | undefined;
  options?: (string | number)[] | undefined;
  message?: string | undefined;
}

/** A group of fields in columns; `visible` is a formula. */
export interface Section {
  label?: string | undefined;
  columns: number;
  visible?: string | undefined;
  fields: FormField[];
}

/** One value of a parameter to choose. */
export interface ParameterOption {
  value: string;
  label: string;
}

/** A field's place, or the name of an inverse side for the related records; `span` in columns. */
export interface FormField {
  field: string;
  span?: number | undefined;
}
