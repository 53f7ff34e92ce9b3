/** What the server says of a document's project; see `streetrace/status` in docs/protocol.md. */
export interface Status {
  readonly model: string | null;
  readonly configured: boolean;
  readonly enabled: boolean;
  readonly localOnly: boolean;
  readonly project: {
    readonly uri: string;
    readonly trust: "trusted" | "restricted" | "denied" | "none_needed";
    readonly question: boolean;
  } | null;
  readonly userFile: string;
  readonly fault: string;
}

/** What the server says of a job; see `streetrace/job` in docs/protocol.md. */
export interface JobEvent {
  readonly job: string;
  readonly action: string;
  readonly uri: string;
  readonly state: string;
  readonly message: string;
  readonly final: boolean;
  readonly model?: string;
  readonly backend?: string;
}

/** The jobs that run, by what was heard of each. */
export class RunningJobs {
  readonly #running = new Map<string, JobEvent>();
  #failed: JobEvent | undefined;

  hear(event: JobEvent): void {
    if (!event.final) {
      this.#running.set(event.job, event);
      return;
    }
    this.#running.delete(event.job);
    // Undoing a change is no word about the model.
    if (event.state === "failed") this.#failed = event;
    else if (event.state === "applied" || event.state === "answered") this.#failed = undefined;
  }

  /** Another server: nothing that was heard holds any more. */
  forget(): void {
    this.#running.clear();
    this.#failed = undefined;
  }

  get all(): readonly JobEvent[] {
    return [...this.#running.values()];
  }

  /** The last failure, until something works. */
  get failed(): JobEvent | undefined {
    return this.#failed;
  }
}
