/** The session in which the scripts of one kernel session work; none at first. */
export class CurrentSession {
  id: string | undefined;
}
