import { Component, type ReactNode } from 'react'
import { Empty } from './Empty'

interface FaultBarrierProps {
  readonly onFault: (error: unknown) => void
  readonly children?: ReactNode
}

/** Keeps a fault in one page from taking the whole app away. */
export class FaultBarrier extends Component<FaultBarrierProps, { readonly hasFault: boolean }> {
  override state = { hasFault: false }

  static getDerivedStateFromError() {
    return { hasFault: true }
  }

  override componentDidCatch(error: unknown) {
    this.props.onFault(error)
  }

  override render() {
    if (!this.state.hasFault) return this.props.children
    return (
      <Empty
        title="这一页出错了"
        detail="您的记录都在。请再试一次；若还不行，请返回首页，稍后再来"
        action={{ label: '再试一次', onPress: () => this.setState({ hasFault: false }) }}
      />
    )
  }
}
