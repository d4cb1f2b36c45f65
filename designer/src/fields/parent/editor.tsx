export { LookupEditor as ParentEditor } from '../lookup/editor';
