import styles from './bone.module.css';

/** A bar that stands for a text that is still being loaded. */
export function Bone({ width, space }: { width: string; space?: number }) {
  return <span className={styles.bone} style={{ width, marginBlock: space }} />;
}
