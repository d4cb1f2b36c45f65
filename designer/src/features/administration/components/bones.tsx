import { Bone } from '@/ui/bone';
import styles from './administration.module.css';

/** Lines that stand for rows that are still being loaded. */
export function Bones() {
  return (
    <div className={styles.bones} aria-hidden>
      {Array.from({ length: 8 }, (_, row) => (
        <Bone key={row} width={`${50 + ((row * 23) % 40)}%`} />
      ))}
    </div>
  );
}
