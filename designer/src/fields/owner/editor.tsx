export { LookupEditor as OwnerEditor } from '../lookup/editor';
